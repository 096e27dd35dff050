"""The doors: each translates between its platform and the plain values of bot.messages."""
