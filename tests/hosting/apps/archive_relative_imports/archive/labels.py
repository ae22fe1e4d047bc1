from . import NAME

LABEL = f"{NAME} of the town"
