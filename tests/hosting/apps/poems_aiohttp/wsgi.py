from aiohttp import web


async def poems(request):
    return web.Response(text="Poems")


application = web.Application()
application.router.add_get("/", poems)
