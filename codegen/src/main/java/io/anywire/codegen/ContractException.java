package io.anywire.codegen;

/** What is wrong with the contract or the parameters; the message names the file or element. */
final class ContractException extends Exception {
  private static final long serialVersionUID = 1;

  ContractException(String message) {
    super(message);
  }
}
