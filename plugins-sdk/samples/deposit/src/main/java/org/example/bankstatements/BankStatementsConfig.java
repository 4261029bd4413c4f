package org.example.bankstatements;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.osgi.service.metatype.annotations.Option;

/** Section {@code bank-statements} of weft.yaml. */
@ObjectClassDefinition(name = "Bank statements", description = "Deposits from the statements of a bank (camt.053).")
@interface BankStatementsConfig {

  @AttributeDefinition(description = "Name of the source, a part of the reference of every credit: never change it. Applies at once.")
  String name() default "bank-statements";

  @AttributeDefinition(description = "The folder with the statements, relative to the home of the node. Applies at once.")
  String folder() default "data/statements";

  @AttributeDefinition(description = "The currency of the books, in three letters; statements in another one are refused. Applies at once.")
  String currency() default "EUR";

  @AttributeDefinition(
      options = {@Option(label = "iban", value = "iban"), @Option(label = "reference", value = "reference")},
      description = "How payers are known: iban by their account, reference by the creditor reference (RF...) that they were given. Applies at once.")
  String payer_by() default "iban";
}
