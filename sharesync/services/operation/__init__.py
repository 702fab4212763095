"""What an operator asks: is everything well, and what happened?"""
