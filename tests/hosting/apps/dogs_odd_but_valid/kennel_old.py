# -*- coding: latin-1 -*-
TITLE = " für Döbel"
