from camera.web import application
