import datetime
import decimal
import uuid

from django.http import JsonResponse


def index(request):
    if request.GET.get("list"):
        return JsonResponse([1, 2], safe=False)
    return JsonResponse({"now": datetime.datetime.now(), "id": uuid.uuid4(), "d": decimal.Decimal("1")})
