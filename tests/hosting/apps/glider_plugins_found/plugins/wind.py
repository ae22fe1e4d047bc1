UNIT = "km/h"
