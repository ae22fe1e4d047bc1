# Der Zwinger

TITLE = "Dogs: Döbel"
