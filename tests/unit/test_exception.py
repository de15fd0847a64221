from __future__ import annotations

import copy
import pickle

import gazu
import pytest
from gazu import exception

NAMES = [
    "HostException",
    "AuthFailedException",
    "NotAuthenticatedException",
    "NotAllowedException",
    "MethodNotAllowedException",
    "RouteNotFoundException",
    "ServerErrorException",
    "ParameterException",
    "ValidationException",
    "UploadFailedException",
    "TooBigFileException",
    "TaskStatusNotFoundException",
    "DownloadFileException",
    "TaskMustBeADictException",
    "FileDoesntExistException",
    "ProjectDoesntExistException",
    "PreviewFileProcessingException",
]
every = pytest.mark.parametrize(
    "cls", [getattr(exception, name) for name in NAMES]
)


@every
def test_each_is_a_gazu_exception(cls):
    assert cls.__bases__ == (exception.GazuException,)
    assert exception.GazuException.__bases__ == (Exception,)
    assert cls.__module__ == "gazu.exception"


@every
def test_each_is_made_like_any_exception(cls):
    assert cls().args == ()
    assert str(cls()) == ""
    assert str(cls("data/x")) == "data/x"
    assert cls("data/x", "why").args == ("data/x", "why")
    assert repr(cls("a")) == cls.__name__ + "('a')"
    with pytest.raises(TypeError):
        cls(path="data/x")


@every
def test_each_takes_attributes(cls):
    error = cls("data/x")
    error.status_code = 404
    error.anything = 1
    assert (error.status_code, error.anything) == (404, 1)


@every
@pytest.mark.beyond
def test_one_made_by_hand_has_no_answer(cls):
    error = cls("data/x")
    assert (error.status_code, error.body, error.path) == (None, None, None)


@every
@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_each_can_be_pickled(cls, protocol):
    error = cls("data/x", "why")
    error.status_code = 400
    error.body = {"message": "why"}
    again = pickle.loads(pickle.dumps(error, protocol))
    assert type(again) is cls
    assert again.args == ("data/x", "why")
    assert (again.status_code, again.body) == (400, {"message": "why"})


@every
def test_each_can_be_copied(cls):
    error = cls("data/x")
    error.path = "data/x"
    for again in (copy.copy(error), copy.deepcopy(error)):
        assert type(again) is cls
        assert (again.args, again.path) == (("data/x",), "data/x")


def test_each_can_be_subclassed():
    class Mine(exception.RouteNotFoundException):
        def __init__(self, shot):
            super().__init__("data/" + shot)
            self.shot = shot

    assert (str(Mine("a")), Mine("a").shot) == ("data/a", "a")


def test_each_is_where_scripts_find_it():
    for name in (
        "TooBigFileException",
        "NotAuthenticatedException",
        "NotAllowedException",
        "MethodNotAllowedException",
        "ParameterException",
        "PreviewFileProcessingException",
        "RouteNotFoundException",
        "ServerErrorException",
        "ValidationException",
        "UploadFailedException",
    ):
        assert getattr(gazu.client, name) is getattr(exception, name)
    for name in (
        "AuthFailedException",
        "ParameterException",
        "NotAuthenticatedException",
    ):
        assert getattr(gazu, name) is getattr(exception, name)
