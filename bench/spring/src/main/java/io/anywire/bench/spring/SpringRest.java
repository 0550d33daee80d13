package io.anywire.bench.spring;

import java.util.HashMap;
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
    application.setDefaultProperties(properties(args[0]));
    application.run();
  }

  private static Map<String, Object> properties(String port) {
    var properties = new HashMap<String, Object>();
    properties.put("server.address", "127.0.0.1");
    properties.put("server.port", port);
    properties.put("server.tomcat.max-keep-alive-requests", "-1");
    properties.put("spring.threads.virtual.enabled", "true");
    properties.put("logging.level.root", "WARN");
    String certificate = System.getProperty("anywire.bench.certificate");
    if (certificate != null) {
      properties.put("server.ssl.certificate", "file:" + certificate);
      properties.put(
          "server.ssl.certificate-private-key", "file:" + System.getProperty("anywire.bench.key"));
    }
    return properties;
  }

  @GetMapping("/hello/{name}")
  Hello hello(@PathVariable("name") String name) {
    return new Hello("Hello, " + name);
  }

  record Hello(String message) {}
}
