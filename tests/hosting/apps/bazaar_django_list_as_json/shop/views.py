from django.http import JsonResponse


def index(request):
    return JsonResponse([1, 2, 3])
