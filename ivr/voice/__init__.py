"""The Twilio edge: signed forms in, TwiML out."""
