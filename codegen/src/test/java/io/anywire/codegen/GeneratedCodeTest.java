package io.anywire.codegen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.anywire.codegen.streams.Number;
import io.anywire.codegen.streams.NumbersGrpc;
import io.grpc.BindableService;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import io.grpc.stub.BlockingClientCall;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GeneratedCodeTest {
  private static final String CALCULATOR =
      """
      package io.anywire.codegen.streams;

      import io.anywire.handler.Incoming;
      import io.anywire.handler.Sender;

      public class Calculator implements NumbersHandler {
        @Override
        public Number echo(Number request) {
          return request;
        }

        @Override
        public void countTo(Number request, Sender<Number> out) {
          for (long i = 1; i <= request.getValue(); i++) {
            out.send(Number.newBuilder().setValue(i).build());
          }
        }

        @Override
        public Number sum(Incoming<Number> in) {
          long sum = 0;
          for (Number number : in) {
            sum += number.getValue();
          }
          return Number.newBuilder().setValue(sum).build();
        }

        @Override
        public void double_(Incoming<Number> in, Sender<Number> out) {
          while (in.hasNext()) {
            out.send(Number.newBuilder().setValue(in.next().getValue() * 2).build());
          }
        }
      }
      """;

  @TempDir Path folder;

  @Test
  void answers_all_four_kinds_on_a_stock_server() throws Exception {
    serve(
        "Calculator",
        CALCULATOR,
        channel -> {
          NumbersGrpc.NumbersBlockingV2Stub stub = NumbersGrpc.newBlockingV2Stub(channel);
          assertThat(stub.echo(number(7)).getValue()).isEqualTo(7);

          List<Long> counted = new ArrayList<>();
          BlockingClientCall<?, Number> count = stub.countTo(number(3));
          while (count.hasNext()) {
            counted.add(count.read().getValue());
          }
          assertThat(counted).containsExactly(1L, 2L, 3L);

          BlockingClientCall<Number, Number> sum = stub.sum();
          for (long i : List.of(1L, 2L, 3L, 4L)) {
            sum.write(number(i));
          }
          sum.halfClose();
          assertThat(sum.read().getValue()).isEqualTo(10);

          BlockingClientCall<Number, Number> doubled = stub.double_();
          for (long i = 1; i <= 3; i++) {
            doubled.write(number(i));
            assertThat(doubled.read().getValue()).isEqualTo(2 * i);
          }
          doubled.halfClose();
          assertThat(doubled.read()).isNull();
        });
  }

  @Test
  void answers_unimplemented_where_nothing_is_implemented() throws Exception {
    serve(
        "Empty",
        "package io.anywire.codegen.streams;\npublic class Empty implements NumbersHandler {}\n",
        channel -> {
          NumbersGrpc.NumbersBlockingV2Stub stub = NumbersGrpc.newBlockingV2Stub(channel);
          List<ThrowingCallable> calls =
              List.of(
                  () -> stub.echo(number(1)),
                  () -> stub.countTo(number(1)).read(),
                  () -> stub.sum().read(),
                  () -> stub.double_().read());
          for (var call : calls) {
            assertThatThrownBy(call)
                .extracting(Status::fromThrowable)
                .extracting(Status::getCode)
                .isEqualTo(Status.Code.UNIMPLEMENTED);
          }
        });
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "names/v1/odd_names.proto",
        "names/v1/in_one_class.proto",
        "names/v1/edition_next.proto",
        "unpackaged.proto"
      })
  void compiles_without_a_warning_and_binds_whatever_the_names(String file) throws Exception {
    var response = Protoc.generate(file);
    Javac javac = new Javac(folder).add(response);
    List<String> names = new ArrayList<>();
    for (var generated : response.getFileList()) {
      String interfaceName = generated.getName().replace(".java", "").replace('/', '.');
      int dot = interfaceName.lastIndexOf('.');
      String simple = interfaceName.substring(dot + 1);
      String head = dot < 0 ? "" : "package " + interfaceName.substring(0, dot) + ";\n";
      javac.add(
          generated.getName().replace("Handler.java", "Served.java"),
          head
              + "@java.lang.SuppressWarnings(\"deprecation\")\n"
              + "public class %s implements %s {}\n"
                  .formatted(simple.replace("Handler", "Served"), simple));
      names.add(interfaceName.replace("Handler", "Served"));
    }
    try (URLClassLoader classes = javac.compile()) {
      for (String name : names) {
        BindableService service = newInstance(classes, name);
        assertThat(service.bindService().getMethods())
            .extracting(method -> (Object) method.getMethodDescriptor())
            .containsExactlyInAnyOrderElementsOf(
                service.bindService().getServiceDescriptor().getMethods());
      }
    }
  }

  private interface Check {
    void run(ManagedChannel channel) throws Exception;
  }

  private void serve(String name, String source, Check check) throws Exception {
    String className = "io.anywire.codegen.streams." + name;
    Javac javac =
        new Javac(folder)
            .add(Protoc.generate("streams/v1/numbers.proto"))
            .add(className.replace('.', '/') + ".java", source);
    try (URLClassLoader classes = javac.compile()) {
      Server server =
          InProcessServerBuilder.forName(className)
              .addService(newInstance(classes, className))
              .build()
              .start();
      ManagedChannel channel = InProcessChannelBuilder.forName(className).build();
      try {
        check.run(channel);
      } finally {
        channel.shutdownNow();
        server.shutdownNow().awaitTermination();
      }
    }
  }

  private static BindableService newInstance(ClassLoader classes, String name) throws Exception {
    return (BindableService) classes.loadClass(name).getConstructor().newInstance();
  }

  private static Number number(long value) {
    return Number.newBuilder().setValue(value).build();
  }
}
