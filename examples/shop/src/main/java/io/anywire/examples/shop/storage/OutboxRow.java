package io.anywire.examples.shop.storage;

/**
 * An event that waits to be published.
 *
 * @param position its place in the order
 * @param id its CloudEvents id, the same at every attempt
 * @param method the full name of the method that it is a call of
 * @param event its protobuf bytes
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record OutboxRow(long position, String id, String method, byte[] event) {}
