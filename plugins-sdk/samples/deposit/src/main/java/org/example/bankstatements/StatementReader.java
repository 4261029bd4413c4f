package org.example.bankstatements;

import io.weft.billing.Deposit;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Element;
import org.xml.sax.SAXException;

/**
 * Reads statements camt.053, in any of their versions: booked credits. Debits, what is only announced, and reversals are passed over. Any
 * thread.
 */
final class StatementReader {

  private static final String AMOUNT = "[0-9]{1,15}(\\.[0-9]{1,5})?";
  private static final String REFERENCE = "[!-~]{1,100}";

  private final String currency;
  private final String payerBy;
  // Guards itself: a parser is for one document at a time.
  private final DocumentBuilder parser;

  /**
   * @param currency of the books; a statement in another one is refused
   * @param payerBy {@code iban}: who paid is known by their account; {@code reference}: by the creditor reference that they gave
   */
  StatementReader(String currency, String payerBy) {
    this.currency = currency;
    this.payerBy = payerBy;
    this.parser = parser();
    if (!currency.matches("[A-Z]{3}")) {
      throw new IllegalArgumentException("bank-statements.currency: expected three letters such as EUR");
    }
    if (!payerBy.equals("iban") && !payerBy.equals("reference")) {
      throw new IllegalArgumentException("bank-statements.payer.by: expected iban or reference");
    }
  }

  /** @throws MalformedStatement if it is none, or says what cannot be understood */
  List<Deposit> deposits(byte[] xml) {
    List<Deposit> all = new ArrayList<>();
    for (Element statement : Xml.all(root(xml), "BkToCstmrStmt", "Stmt")) {
      String account = Xml.text(statement, "Acct", "Id", "IBAN") + Xml.text(statement, "Acct", "Id", "Othr", "Id");
      for (Element entry : Xml.all(statement, "Ntry")) {
        boolean booked = Xml.text(entry, "Sts", "Cd").equals("BOOK") || Xml.text(entry, "Sts").equals("BOOK");
        if (booked && Xml.text(entry, "CdtDbtInd").equals("CRDT") && !Xml.text(entry, "RvslInd").equals("true")) {
          add(all, account, entry);
        }
      }
    }
    return all;
  }

  /** One deposit, or one for each transfer that the bank booked as one entry. */
  private void add(List<Deposit> all, String account, Element entry) {
    String reference = Xml.text(entry, "AcctSvcrRef");
    if (!reference.matches(REFERENCE)) {
      throw new MalformedStatement("a credit has no AcctSvcrRef of 1 to 100 characters, which would tell it from others");
    }
    // The bank's references are its own per account; which one, a few digits say.
    String id = Integer.toHexString(account.hashCode()) + "/" + reference;
    Instant at = time(entry, reference);
    List<Element> transfers = Xml.all(entry, "NtryDtls", "TxDtls");
    if (transfers.size() < 2) {
      all.add(deposit(id, transfers.isEmpty() ? entry : transfers.get(0), amount(entry, reference), at));
      return;
    }
    BigDecimal sum = BigDecimal.ZERO;
    for (int i = 0; i < transfers.size(); i++) {
      Element transfer = transfers.get(i);
      Element details = Xml.first(transfer, "AmtDtls", "TxAmt");
      BigDecimal amount = amount(details == null ? transfer : details, reference);
      sum = sum.add(amount);
      all.add(deposit(id + "#" + (i + 1), transfer, amount, at));
    }
    if (sum.compareTo(amount(entry, reference)) != 0) {
      throw new MalformedStatement("entry " + reference + ": its transfers do not add up to its amount");
    }
  }

  private Deposit deposit(String id, Element transfer, BigDecimal amount, Instant at) {
    String payer = payerBy.equals("iban")
        ? Xml.text(transfer, "RltdPties", "DbtrAcct", "Id", "IBAN")
        : Xml.text(transfer, "RmtInf", "Strd", "CdtrRefInf", "Ref").replace(" ", "").toUpperCase(Locale.ROOT);
    // Of nobody, such as interest: it is noted, and somebody can give it to an account by that name.
    return new Deposit(id, payer.isEmpty() ? "entry:" + id : payer, amount, at);
  }

  private BigDecimal amount(Element from, String reference) {
    Element amount = Xml.first(from, "Amt");
    String text = Xml.text(from, "Amt");
    if (amount == null || !text.matches(AMOUNT) || new BigDecimal(text).signum() == 0) {
      throw new MalformedStatement("entry " + reference + ": no amount such as 12.50");
    }
    if (!amount.getAttribute("Ccy").equals(currency)) {
      throw new MalformedStatement("entry " + reference + ": not in " + currency + "; the books have one currency");
    }
    return new BigDecimal(text);
  }

  private static Instant time(Element entry, String reference) {
    String date = Xml.text(entry, "BookgDt", "Dt");
    try {
      return date.isEmpty()
          ? OffsetDateTime.parse(Xml.text(entry, "BookgDt", "DtTm")).toInstant()
          : LocalDate.parse(date).atStartOfDay(ZoneOffset.UTC).toInstant();
    } catch (DateTimeException e) {
      throw new MalformedStatement("entry " + reference + ": no booking date such as 2026-01-31", e);
    }
  }

  private Element root(byte[] xml) {
    synchronized (parser) {
      try {
        parser.reset();
        parser.setErrorHandler(null); // says nothing on its own
        return parser.parse(new ByteArrayInputStream(xml)).getDocumentElement();
      } catch (SAXException | IOException e) {
        throw new MalformedStatement("not well-formed XML without DOCTYPE", e);
      }
    }
  }

  /** No document may name others, or entities of its own. */
  private static DocumentBuilder parser() {
    try {
      DocumentBuilderFactory factory = DocumentBuilderFactory.newDefaultInstance();
      factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
      factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
      factory.setNamespaceAware(true);
      factory.setXIncludeAware(false);
      return factory.newDocumentBuilder();
    } catch (ParserConfigurationException e) {
      throw new IllegalStateException("the parser of the JDK cannot be made safe", e);
    }
  }
}
