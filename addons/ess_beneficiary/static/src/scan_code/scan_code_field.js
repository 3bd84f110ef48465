import { scanBarcode } from "@web/core/barcode/barcode_dialog";
import { isBarcodeScannerSupported } from "@web/core/barcode/barcode_video_scanner";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { CharField, charField } from "@web/views/fields/char/char_field";

/** A code that is typed, read by a hand scanner, or by the camera of a phone. */
export class ScanCodeField extends CharField {
    static template = "ess_beneficiary.ScanCode";

    get hasCamera() {
        return isBarcodeScannerSupported();
    }

    async onScan() {
        const code = await scanBarcode(this.env);
        if (code) {
            await this.props.record.update({ [this.props.name]: code });
        }
    }
}

export const scanCodeField = {
    ...charField,
    component: ScanCodeField,
    displayName: _t("Code to type or scan"),
    supportedTypes: ["char"],
};

registry.category("fields").add("ess_scan_code", scanCodeField);
