package org.example.addresstable;

import io.weft.path.PathRequest;
import io.weft.path.PathSource;
import io.weft.testkit.PathSourceContract;

/** What every path source keeps to. */
class AddressTableContractTest extends PathSourceContract {

  private final PathSource source = AddressTableTest.table("192.0.2.7:7450=10.8.0.2:7450");

  @Override
  protected PathSource source() {
    return source;
  }

  @Override
  protected PathRequest reachable() {
    return AddressTableTest.request(1, "192.0.2.7");
  }
}
