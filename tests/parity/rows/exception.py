"""Calls of ``gazu.exception``."""

from ..plan import by_scenario

ROWS = {
    "AuthFailedException": by_scenario(),
    "DownloadFileException": by_scenario(),
    "FileDoesntExistException": by_scenario(),
    "GazuException": by_scenario(),
    "HostException": by_scenario(),
    "MethodNotAllowedException": by_scenario(),
    "NotAllowedException": by_scenario(),
    "NotAuthenticatedException": by_scenario(),
    "ParameterException": by_scenario(),
    "PreviewFileProcessingException": by_scenario(),
    "ProjectDoesntExistException": by_scenario(),
    "RouteNotFoundException": by_scenario(),
    "ServerErrorException": by_scenario(),
    "TaskMustBeADictException": by_scenario(),
    "TaskStatusNotFoundException": by_scenario(),
    "TooBigFileException": by_scenario(),
    "UploadFailedException": by_scenario(),
    "ValidationException": by_scenario(),
}
