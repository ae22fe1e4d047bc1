from dash import Dash, html

app = Dash(__name__, title="Rainfall")
app.layout = html.Div([html.H1("Rainfall")])

if __name__ == "__main__":
    app.run(debug=True)
