/** Deposits from the statements of a bank, in XML of ISO 20022 (camt.053). */
@NullMarked
package org.example.bankstatements;

import org.jspecify.annotations.NullMarked;
