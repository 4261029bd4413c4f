package org.example.bankstatements;

import java.util.List;

/** Statements as a bank writes them. */
final class Camt {

  private Camt() {}

  static String statement(List<String> entries) {
    return """
        <?xml version="1.0" encoding="UTF-8"?>
        <Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt><Stmt>
        <Acct><Id><IBAN>DE89370400440532013000</IBAN></Id></Acct>
        %s
        </Stmt></BkToCstmrStmt></Document>
        """.formatted(String.join("\n", entries));
  }

  static String entry(String reference, String amount, String... transfers) {
    return booked(reference, amount, "CRDT", "BOOK", transfers);
  }

  static String booked(String reference, String amount, String direction, String status, String... transfers) {
    return """
        <Ntry><Amt Ccy="EUR">%s</Amt><CdtDbtInd>%s</CdtDbtInd><Sts><Cd>%s</Cd></Sts><BookgDt><Dt>2026-01-31</Dt></BookgDt>
        <AcctSvcrRef>%s</AcctSvcrRef><NtryDtls>%s</NtryDtls></Ntry>""".formatted(amount, direction, status, reference, String.join("", transfers));
  }

  static String transfer(String amount, String iban, String reference) {
    return """
        <TxDtls><Amt Ccy="EUR">%s</Amt><RltdPties><Dbtr><Pty><Nm>Somebody</Nm></Pty></Dbtr><DbtrAcct><Id><IBAN>%s</IBAN></Id></DbtrAcct></RltdPties>
        <RmtInf><Strd><CdtrRefInf><Ref>%s</Ref></CdtrRefInf></Strd></RmtInf></TxDtls>""".formatted(amount, iban, reference);
  }
}
