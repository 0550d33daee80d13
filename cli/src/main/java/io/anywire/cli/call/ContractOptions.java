package io.anywire.cli.call;

import io.anywire.Anywire;
import io.anywire.WireUrl;
import io.anywire.cli.CliException;
import io.anywire.cli.Problem;
import io.anywire.cli.contract.BuiltInContracts;
import io.anywire.cli.contract.ContractSource;
import io.anywire.cli.contract.DescriptorSetFile;
import io.anywire.cli.contract.ServerReflection;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** The options that say where the contract comes from. Not thread-safe. */
public final class ContractOptions {
  private static final Set<String> REFLECTIVE = Set.of("http", "grpc");

  @ArgGroup(exclusive = true)
  private Choice choice = new Choice();

  /** At most one of them. */
  static final class Choice {
    @Option(
        names = "--proto",
        paramLabel = "FILE",
        description =
            "The contract, as protoc --include_imports --descriptor_set_out=FILE writes" + " it.")
    private Optional<Path> proto = Optional.empty();

    @Option(
        names = "--reflect",
        paramLabel = "URL",
        description =
            "A server that tells the contract by gRPC reflection, such as"
                + " grpc://127.0.0.1:8081. Default: the target, where it is http: or grpc:, else the"
                + " contracts of the sample shop.")
    private Optional<String> reflect = Optional.empty();
  }

  /**
   * Looks something up where the options say, or at {@code target} where they say nothing and it
   * can be asked.
   *
   * @throws CliException when there is no such thing, or the source cannot be reached
   */
  <T> T find(Anywire anywire, String target, Narrator narrator, Function<ContractSource, T> what) {
    ContractSource source = source(anywire, WireUrl.parse(target));
    try {
      T found = what.apply(source);
      narrator.say("contract", source.place());
      return found;
    } catch (StatusRuntimeException e) {
      if (choice.reflect.isEmpty() && e.getStatus().getCode() == Status.Code.UNIMPLEMENTED) {
        BuiltInContracts builtIn = new BuiltInContracts();
        T found = what.apply(builtIn);
        narrator.say("contract", builtIn.place() + ", since the server has no reflection");
        return found;
      }
      throw noAnswer(source, e);
    }
  }

  /** The contracts that the options name, or else those that can be had at {@code target}. */
  public ContractSource source(Anywire anywire, String target) {
    return source(anywire, WireUrl.parse(target));
  }

  private ContractSource source(Anywire anywire, WireUrl target) {
    if (choice.proto.isPresent()) {
      return DescriptorSetFile.read(choice.proto.get());
    }
    if (choice.reflect.isPresent()) {
      return ServerReflection.at(anywire, reflective(WireUrl.parse(choice.reflect.get())));
    }
    return REFLECTIVE.contains(target.scheme())
        ? ServerReflection.at(anywire, target)
        : new BuiltInContracts();
  }

  private static WireUrl reflective(WireUrl url) {
    if (!REFLECTIVE.contains(url.scheme())) {
      throw CliException.usage("--reflect " + url + " (expected: a grpc: or http: URL)");
    }
    return url;
  }

  private static CliException noAnswer(ContractSource source, StatusRuntimeException e) {
    Status status = e.getStatus();
    String reason =
        status.getCode() == Status.Code.UNAVAILABLE ? Problem.reason(status) : "" + status;
    return CliException.cannotConnect(
        source.place() + " gives no answer: " + reason + " (is the service running?)", e);
  }
}
