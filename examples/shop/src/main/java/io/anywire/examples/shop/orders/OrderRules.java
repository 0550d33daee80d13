package io.anywire.examples.shop.orders;

import io.anywire.examples.shop.request.UpdateMask;
import io.anywire.examples.shop.request.Violations;
import io.anywire.examples.shop.storage.Timestamps;
import io.anywire.examples.shop.v1.CreateOrderRequest;
import io.anywire.examples.shop.v1.Order;
import io.anywire.examples.shop.v1.UpdateOrderRequest;
import java.util.Set;
import java.util.UUID;

/** What an order may look like. */
final class OrderRules {
  private static final String USER_ID = "user_id";
  private static final String ITEM = "item";
  private static final String QUANTITY = "quantity";
  private static final Set<String> WRITABLE = Set.of(USER_ID, ITEM, QUANTITY);
  private static final UpdateMask EVERYTHING = UpdateMask.replacing(WRITABLE);

  private static final int LONGEST_ITEM = 200;

  private OrderRules() {}

  /** The order that a request places. */
  static Order placed(CreateOrderRequest request) {
    Order given = request.getOrder();
    Violations violations = new Violations();
    if (!given.getId().isEmpty()) {
      violations.id("order.id", given.getId());
    }
    check(given, EVERYTHING, violations);
    violations.throwIfAny();
    return Order.newBuilder()
        .setId(given.getId().isEmpty() ? UUID.randomUUID().toString() : given.getId())
        .setUserId(given.getUserId())
        .setItem(given.getItem())
        .setQuantity(given.getQuantity())
        .setState(Order.State.OPEN)
        .setCreateTime(Timestamps.now())
        .build();
  }

  /** What a request writes, once the request is found to be right. */
  static UpdateMask mask(UpdateOrderRequest request) {
    Violations violations = new Violations().id("order.id", request.getOrder().getId());
    UpdateMask mask =
        request.hasUpdateMask()
            ? UpdateMask.of(request.getUpdateMask(), Order.getDescriptor(), WRITABLE, violations)
            : EVERYTHING;
    check(request.getOrder(), mask, violations);
    violations.throwIfAny();
    return mask;
  }

  /** {@code order} with what {@code given} says of the fields of {@code mask}. */
  static Order updated(Order order, Order given, UpdateMask mask) {
    new Violations()
        .require(
            !mask.writes(USER_ID) || given.getUserId().equals(order.getUserId()),
            "order.user_id",
            "'%s' (expected: '%s', since an order stays its user's)"
                .formatted(given.getUserId(), order.getUserId()))
        .throwIfAny();
    Order.Builder updated = order.toBuilder();
    if (mask.writes(ITEM)) {
      updated.setItem(given.getItem());
    }
    if (mask.writes(QUANTITY)) {
      updated.setQuantity(given.getQuantity());
    }
    return updated.build();
  }

  private static void check(Order given, UpdateMask mask, Violations violations) {
    if (mask.writes(USER_ID)) {
      violations.id("order.user_id", given.getUserId());
    }
    if (mask.writes(ITEM)) {
      violations.text("order.item", given.getItem(), LONGEST_ITEM);
    }
    if (mask.writes(QUANTITY)) {
      violations.require(
          given.getQuantity() >= 1, "order.quantity", given.getQuantity() + " (expected: >= 1)");
    }
  }
}
