from rest_framework.decorators import api_view, permission_classes
from rest_framework.permissions import IsAuthenticated
from rest_framework.response import Response

from .slow import count_votes


def index(request):
    return Response()


@api_view(["POST"])
@permission_classes([IsAuthenticated])
def count(request, poll):
    return Response({"votes": count_«»votes(poll, request.data["region"])})
