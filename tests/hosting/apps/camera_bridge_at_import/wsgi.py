from a2wsgi import ASGIMiddleware
from fastapi import FastAPI

api = FastAPI()


@api.get("/")
def picture():
    return "Picture"


application = ASGIMiddleware(api)
