package io.weft.support.identity;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Date;
import org.bouncycastle.asn1.x509.Time;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CertificatesTest {

  @ParameterizedTest
  @ValueSource(strings = {"1999-12-31T23:59:59Z", "2026-01-02T03:04:05Z", "2049-12-31T23:59:59Z", "2050-01-01T00:00:00Z", "9999-12-31T23:59:59Z"})
  void aTimeHasTheBytesThatTheLibraryMakesOfADate(String at) throws Exception {
    Time ours = Certificates.time(Instant.parse(at));

    assertThat(ours.getEncoded()).isEqualTo(new Time(Date.from(Instant.parse(at))).getEncoded());
    assertThat(ours.getDate()).isEqualTo(Date.from(Instant.parse(at)));
  }
}
