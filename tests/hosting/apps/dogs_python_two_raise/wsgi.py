import kennel

application = kennel.application
