"""Deploy: how Stepwell is run: embedded servers, migrations, the demo."""
