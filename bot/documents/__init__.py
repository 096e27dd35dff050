"""Papers made of an application: filled Word forms, a readable copy, a checklist, the mail's text, one package of all.

Everything here works from plain values. It knows neither database nor channel.
"""
