import dash
from dash import html

app = dash.Dash(__name__, title="Rainfall")
server = app.server
app.layout = html.Div([html.H1("Rainfall"), html.P("23 mm in May")])

app.run(port=8150)
