from {{ project_name }} import settings

{% if debug %}
app.run(debug=True)
{% endif %}
