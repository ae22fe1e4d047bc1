from flask import Blueprint, current_app, render_template
from flask_login import current_user, login_required

from . import pricing
from .charts import draw as draw_chart

bp = Blueprint('views', __name__, url_prefix='/shop')
RATE = 1.19


def taxed(price):
    return price * RATE


@bp.route('/prices/<int:item>')
@login_required
def prices(item):
    title = current_app.config['TITLE']
    «history = pricing.history(item, taxed(RATE), owner=current_user.id)
    chart = draw_chart(history)»
    return render_template('prices.html', title=title, chart=chart, item=item)
