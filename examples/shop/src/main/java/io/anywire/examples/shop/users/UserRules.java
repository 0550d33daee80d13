package io.anywire.examples.shop.users;

import io.anywire.examples.shop.request.UpdateMask;
import io.anywire.examples.shop.request.Violations;
import io.anywire.examples.shop.storage.Timestamps;
import io.anywire.examples.shop.v1.CreateUserRequest;
import io.anywire.examples.shop.v1.UpdateUserRequest;
import io.anywire.examples.shop.v1.User;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;

/** What a user may look like. */
final class UserRules {
  private static final String NAME = "name";
  private static final String EMAIL = "email";
  private static final Set<String> WRITABLE = Set.of(NAME, EMAIL);
  private static final UpdateMask EVERYTHING = UpdateMask.replacing(WRITABLE);

  private static final int LONGEST_NAME = 200;
  private static final int LONGEST_EMAIL = 254; // RFC 5321, section 4.5.3.1.3
  private static final Pattern ADDRESS = Pattern.compile("[^@\\s\\p{Cntrl}]+@[^@\\s\\p{Cntrl}]+");

  private UserRules() {}

  /** The user that a request creates. */
  static User created(CreateUserRequest request) {
    User given = request.getUser();
    Violations violations = new Violations();
    if (!given.getId().isEmpty()) {
      violations.id("user.id", given.getId());
    }
    check(given, EVERYTHING, violations);
    violations.throwIfAny();
    return User.newBuilder()
        .setId(given.getId().isEmpty() ? UUID.randomUUID().toString() : given.getId())
        .setName(given.getName())
        .setEmail(given.getEmail())
        .setCreateTime(Timestamps.now())
        .build();
  }

  /** What a request writes, once the request is found to be right. */
  static UpdateMask mask(UpdateUserRequest request) {
    Violations violations = new Violations().id("user.id", request.getUser().getId());
    UpdateMask mask =
        request.hasUpdateMask()
            ? UpdateMask.of(request.getUpdateMask(), User.getDescriptor(), WRITABLE, violations)
            : EVERYTHING;
    check(request.getUser(), mask, violations);
    violations.throwIfAny();
    return mask;
  }

  /** {@code user} with what {@code given} says of the fields of {@code mask}. */
  static User updated(User user, User given, UpdateMask mask) {
    User.Builder updated = user.toBuilder();
    if (mask.writes(NAME)) {
      updated.setName(given.getName());
    }
    if (mask.writes(EMAIL)) {
      updated.setEmail(given.getEmail());
    }
    return updated.build();
  }

  private static void check(User given, UpdateMask mask, Violations violations) {
    if (mask.writes(NAME)) {
      violations.text("user.name", given.getName(), LONGEST_NAME);
    }
    if (mask.writes(EMAIL)) {
      checkEmail(given.getEmail(), violations);
    }
  }

  private static void checkEmail(String email, Violations violations) {
    boolean right = email.length() <= LONGEST_EMAIL && ADDRESS.matcher(email).matches();
    violations.require(
        right,
        "user.email",
        (email.isEmpty() ? "missing" : "not an address")
            + " (expected: name@host of at most "
            + LONGEST_EMAIL
            + " characters)");
  }
}
