from fastapi import FastAPI

api = FastAPI(title="Poems")


@api.get("/")
def poems():
    return "Poems"
