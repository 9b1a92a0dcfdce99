// npm age-encryption as a judge. Usage: node age.mjs seal RECIPIENT < plain, node age.mjs open IDENTITY < sealed,
// node age.mjs passphrase-seal|passphrase-open PASSPHRASE, node age.mjs generate.
import { readFileSync, writeSync } from "node:fs";
import { Decrypter, Encrypter, generateHybridIdentity, identityToRecipient } from "age-encryption";

const [command, key] = process.argv.slice(2);

async function answer() {
  switch (command) {
    case "generate": {
      const identity = await generateHybridIdentity();
      return `${identity}\n${await identityToRecipient(identity)}\n`;
    }
    case "seal": {
      const encrypter = new Encrypter();
      encrypter.addRecipient(key);
      return encrypter.encrypt(new Uint8Array(readFileSync(0)));
    }
    case "passphrase-seal": {
      const encrypter = new Encrypter();
      encrypter.setPassphrase(key);
      encrypter.setScryptWorkFactor(10);
      return encrypter.encrypt(new Uint8Array(readFileSync(0)));
    }
    case "open":
    case "passphrase-open": {
      const decrypter = new Decrypter();
      if (command === "open") decrypter.addIdentity(key);
      else decrypter.addPassphrase(key);
      return decrypter.decrypt(new Uint8Array(readFileSync(0)));
    }
    default:
      throw new Error("unknown command");
  }
}

const bytes = Buffer.from(await answer());
for (let written = 0; written < bytes.length; ) written += writeSync(1, bytes, written);
