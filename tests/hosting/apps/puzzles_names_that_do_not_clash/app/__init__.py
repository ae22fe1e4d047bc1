from app.flask import make
from app.random import SEED

application = make(SEED)
