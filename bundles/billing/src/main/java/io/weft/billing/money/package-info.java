/** What things cost, and who has credit: every rule about money is here. */
@NullMarked
package io.weft.billing.money;

import org.jspecify.annotations.NullMarked;
