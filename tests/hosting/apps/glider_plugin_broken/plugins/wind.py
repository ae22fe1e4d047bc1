from plugins.hight import UNIT
