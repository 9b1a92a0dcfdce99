package judges;

import java.io.File;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.PDFAParser;
import org.verapdf.pdfa.PDFAValidator;
import org.verapdf.pdfa.flavours.PDFAFlavour;
import org.verapdf.pdfa.results.TestAssertion;
import org.verapdf.pdfa.results.ValidationResult;

/**
 * Asks veraPDF whether files conform. Arguments: flavour ids separated by commas (2a,ua1), then files.
 * Prints one line for each file and flavour, then each broken rule once; exit code 1 when any file does not conform.
 */
public final class Conformance {
    private Conformance() {}

    public static void main(String[] arguments) throws Exception {
        VeraGreenfieldFoundryProvider.initialise();
        boolean all = true;
        for (int place = 1; place < arguments.length; place++) {
            for (String flavour : arguments[0].split(",")) {
                all &= conforms(new File(arguments[place]), PDFAFlavour.byFlavourId(flavour));
            }
        }
        System.exit(all ? 0 : 1);
    }

    private static boolean conforms(File file, PDFAFlavour flavour) throws Exception {
        try (PDFAParser parser = Foundries.defaultInstance().createParser(file, flavour);
             PDFAValidator validator = Foundries.defaultInstance().createValidator(flavour, false)) {
            ValidationResult result = validator.validate(parser);
            System.out.println((result.isCompliant() ? "conforms " : "FAILS ") + flavour.getId() + " " + file.getName());
            result.getTestAssertions().stream()
                .filter(found -> found.getStatus() == TestAssertion.Status.FAILED)
                .map(found -> "  " + found.getRuleId().getClause() + " " + found.getMessage() + " " + found.getErrorMessage())
                .distinct()
                .limit(20)
                .forEach(System.out::println);
            return result.isCompliant();
        }
    }
}
