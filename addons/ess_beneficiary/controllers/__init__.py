from . import readable_file
