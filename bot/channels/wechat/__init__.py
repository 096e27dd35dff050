"""The door to WeChat Official Accounts: signed requests in, passive replies and customer-service messages out."""
