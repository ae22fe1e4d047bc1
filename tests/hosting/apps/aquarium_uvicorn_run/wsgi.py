import uvicorn
from a2wsgi import ASGIMiddleware
from fastapi import FastAPI

api = FastAPI()


@api.get("/")
def feeding():
    return {"message": "Feeding at 14:30"}


application = ASGIMiddleware(api)
uvicorn.run(api, host="127.0.0.1", port=8101)
