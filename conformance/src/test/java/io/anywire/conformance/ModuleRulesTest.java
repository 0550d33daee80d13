package io.anywire.conformance;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "io.anywire", importOptions = ImportOption.DoNotIncludeTests.class)
class ModuleRulesTest {
  @ArchTest
  static final ArchRule contract_knows_nobody =
      noClasses()
          .that()
          .resideInAPackage("io.anywire.contract..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "io.anywire",
              "io.anywire.call..",
              "io.anywire.wire..",
              "io.anywire.broker..",
              "io.grpc..");

  @ArchTest
  static final ArchRule core_knows_contract_only =
      noClasses()
          .that()
          .resideInAnyPackage(
              "io.anywire",
              "io.anywire.call..",
              "io.anywire.wire..",
              "io.anywire.json..",
              "io.anywire.xml..",
              "io.anywire.codec..",
              "io.anywire.handler..",
              "io.anywire.broker")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "io.anywire.http..",
              "io.anywire.messaging..",
              "io.anywire.broker.embedded..",
              "io.anywire.broker.remote..",
              "io.anywire.broker.rabbitmq..",
              "io.netty..");

  @ArchTest
  static final ArchRule the_families_of_wires_do_not_know_each_other =
      noClasses()
          .that()
          .resideInAPackage("io.anywire.http..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.anywire.messaging..", "io.anywire.broker..");

  @ArchTest
  static final ArchRule messaging_knows_no_engine =
      noClasses()
          .that()
          .resideInAPackage("io.anywire.messaging..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "io.anywire.http..",
              "io.anywire.broker.embedded..",
              "io.anywire.broker.remote..",
              "io.anywire.broker.rabbitmq..");

  @ArchTest
  static final ArchRule a_broker_module_knows_core_only =
      noClasses()
          .that()
          .resideInAnyPackage("io.anywire.broker.(*)..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.anywire.http..", "io.anywire.messaging..");

  @ArchTest
  static final ArchRule brokers_do_not_know_each_other =
      slices().matching("io.anywire.broker.(*)..").should().notDependOnEachOther();

  @ArchTest
  static final ArchRule nobody_prints =
      noClasses()
          .that()
          .resideInAnyPackage(
              "io.anywire",
              "io.anywire.call..",
              "io.anywire.wire..",
              "io.anywire.json..",
              "io.anywire.xml..",
              "io.anywire.codec..",
              "io.anywire.http..",
              "io.anywire.messaging..",
              "io.anywire.broker..")
          .should()
          .accessField(System.class, "out")
          .orShould()
          .accessField(System.class, "err");

  @ArchTest
  static final ArchRule exceptions_are_unchecked =
      classes()
          .that()
          .resideInAnyPackage("io.anywire.contract..", "io.anywire.json..", "io.anywire.xml..")
          .and()
          .areAssignableTo(Throwable.class)
          .should()
          .beAssignableTo(RuntimeException.class);
}
