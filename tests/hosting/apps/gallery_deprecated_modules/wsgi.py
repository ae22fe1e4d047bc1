from gallery import application
