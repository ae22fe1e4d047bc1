from dash import Dash, html

application = Dash("rainfall", title="Rainfall")
application.layout = html.Div("23 mm")
