"""Usage: client.py HOST:PORT, with the generated code on PYTHONPATH. Prints a line for each thing it saw."""
import sys

import grpc
from google.protobuf import field_mask_pb2
from shop.v1 import users_pb2, users_pb2_grpc


def failure(call, request):
    try:
        call(request, timeout=20)
    except grpc.RpcError as error:
        return error
    raise AssertionError("no error")


with grpc.insecure_channel(sys.argv[1]) as channel:
    users = users_pb2_grpc.UserServiceStub(channel)
    user = users_pb2.User(id="python", name="Python", email="python@example.org")
    create = users_pb2.CreateUserRequest(user=user)
    print("created", users.CreateUser(create, timeout=20).id)
    renamed = users_pb2.UpdateUserRequest(
        user=users_pb2.User(id="python", name="py"),
        update_mask=field_mask_pb2.FieldMask(paths=["name"]),
    )
    print("renamed", users.UpdateUser(renamed, timeout=20).name)
    print("read", users.GetUser(users_pb2.GetUserRequest(id="python"), timeout=20).email)
    print("again", failure(users.CreateUser, create).code().name)
    users.DeleteUser(users_pb2.DeleteUserRequest(id="python"), timeout=20)
    gone = failure(users.GetUser, users_pb2.GetUserRequest(id="python"))
    print("gone", gone.code().name, gone.details())
