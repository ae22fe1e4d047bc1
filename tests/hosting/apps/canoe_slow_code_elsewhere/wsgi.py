from canoe import application
