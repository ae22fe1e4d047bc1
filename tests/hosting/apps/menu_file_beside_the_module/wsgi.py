from canteen.menu import application
