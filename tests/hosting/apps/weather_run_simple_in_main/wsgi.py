from werkzeug.serving import run_simple
from werkzeug.wrappers import Request, Response


@Request.application
def application(request):
    return Response("17 degrees")


def main() -> None:
    run_simple("127.0.0.1", 8765, application)


if __name__ == "__main__":
    main()
