from a2wsgi import ASGIMiddleware
from fastapi import FastAPI

api = FastAPI()
_bridge = None


@api.get("/")
def feeding():
    return {"message": "Feeding at 14:30"}


def application(environ, start_response):
    global _bridge
    if _bridge is None:
        _bridge = ASGIMiddleware(api)
    return _bridge(environ, start_response)


if __name__ == "__main__":
    import uvicorn

    uvicorn.run(api)
