// greeter client HOST:PORT NAME...: greets each name, and prints a line for each answer.
// greeter server: serves on a free port of the loopback address, and prints "port N".
#include <grpcpp/grpcpp.h>

#include <chrono>
#include <iostream>
#include <memory>
#include <string>

#include "shop/v1/greeter.grpc.pb.h"

using shop::v1::Greeter;
using shop::v1::HelloReply;
using shop::v1::HelloRequest;

namespace {

int CallAll(const std::string& target, int count, char** names) {
  auto greeter = Greeter::NewStub(grpc::CreateChannel(target, grpc::InsecureChannelCredentials()));
  for (int i = 0; i < count; i++) {
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(20));
    HelloRequest request;
    request.set_name(names[i]);
    HelloReply reply;
    grpc::Status status = greeter->SayHello(&context, request, &reply);
    if (status.ok()) {
      std::cout << reply.message() << std::endl;
    } else {
      std::cout << status.error_code() << " " << status.error_message() << std::endl;
    }
  }
  return 0;
}

class GreeterService final : public Greeter::Service {
  grpc::Status SayHello(grpc::ServerContext*, const HelloRequest* request,
                        HelloReply* reply) override {
    if (request->name().empty()) {
      return grpc::Status(grpc::StatusCode::INVALID_ARGUMENT, "name: empty (expected: a name)");
    }
    reply->set_message("Hello from C++, " + request->name() + "!");
    return grpc::Status::OK;
  }
};

int Serve() {
  GreeterService service;
  int port = 0;
  grpc::ServerBuilder builder;
  builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
  builder.RegisterService(&service);
  std::unique_ptr<grpc::Server> server(builder.BuildAndStart());
  std::cout << "port " << port << std::endl;
  server->Wait();
  return 0;
}

}  // namespace

int main(int count, char** arguments) {
  if (count > 2 && arguments[1] == std::string("client")) {
    return CallAll(arguments[2], count - 3, arguments + 3);
  }
  return Serve();
}
