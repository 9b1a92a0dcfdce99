package judges;

import eu.europa.esig.dss.model.FileDocument;
import eu.europa.esig.dss.model.x509.CertificateToken;
import eu.europa.esig.dss.simplereport.SimpleReport;
import eu.europa.esig.dss.spi.DSSUtils;
import eu.europa.esig.dss.spi.validation.CommonCertificateVerifier;
import eu.europa.esig.dss.spi.x509.CommonTrustedCertificateSource;
import eu.europa.esig.dss.validation.SignedDocumentValidator;
import eu.europa.esig.dss.validation.reports.Reports;
import java.io.File;

/**
 * Asks the European Union's DSS about the signatures of a file: PAdES in a PDF, CAdES in an ASiC container. Arguments:
 * the file, then trusted certificates. Prints for each signature: format (with the container's, where there is one),
 * indication, sub-indication, signer; exit code 1 when there is no signature or one failed.
 */
public final class Signatures {
    private Signatures() {}

    public static void main(String[] arguments) {
        CommonTrustedCertificateSource trusted = new CommonTrustedCertificateSource();
        for (int place = 1; place < arguments.length; place++) {
            CertificateToken certificate = DSSUtils.loadCertificate(new File(arguments[place]));
            trusted.addCertificate(certificate);
        }
        CommonCertificateVerifier verifier = new CommonCertificateVerifier();
        verifier.addTrustedCertSources(trusted);
        SignedDocumentValidator validator = SignedDocumentValidator.fromDocument(new FileDocument(new File(arguments[0])));
        validator.setCertificateVerifier(verifier);
        Reports reports = validator.validateDocument();
        SimpleReport report = reports.getSimpleReport();
        boolean sound = report.getSignaturesCount() > 0;
        String container = report.getContainerType() == null ? "" : report.getContainerType() + "/";
        for (String id : report.getSignatureIdList()) {
            System.out.println(container + report.getSignatureFormat(id) + " " + report.getIndication(id) + " "
                + report.getSubIndication(id) + " " + report.getSignedBy(id));
            report.getAdESValidationErrors(id).forEach(message -> System.out.println("  error: " + message.getValue()));
            report.getAdESValidationWarnings(id).forEach(message -> System.out.println("  warning: " + message.getValue()));
            sound &= !String.valueOf(report.getIndication(id)).contains("FAILED");
        }
        System.exit(sound ? 0 : 1);
    }
}
