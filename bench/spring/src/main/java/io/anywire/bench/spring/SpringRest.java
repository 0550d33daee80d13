package io.anywire.bench.spring;

import java.util.Map;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/**
 * Spring Boot's MVC on Tomcat with virtual threads. Tomcat closes a connection after 100 requests
 * unless told otherwise, as no other subject does.
 */
@SpringBootApplication
@RestController
public class SpringRest {
  /** Serves on 127.0.0.1 and the port that is the first argument, until the process is killed. */
  public static void main(String[] args) {
    var application = new SpringApplication(SpringRest.class);
    application.setDefaultProperties(
        Map.of(
            "server.address", "127.0.0.1",
            "server.port", args[0],
            "server.tomcat.max-keep-alive-requests", "-1",
            "spring.threads.virtual.enabled", "true",
            "logging.level.root", "WARN"));
    application.run();
  }

  @GetMapping("/hello/{name}")
  Hello hello(@PathVariable("name") String name) {
    return new Hello("Hello, " + name);
  }

  record Hello(String message) {}
}
