from decimal import Decimal

import pytest

from tasks.read.workbook.number_format import BUILT_IN, shown

ACCOUNTING = '_ * #,##0.00_ ;_ * \\-#,##0.00_ ;_ * "-"??_ ;_ @_ '


@pytest.mark.parametrize(
    ("value", "number_format", "text"),
    [
        (1234.5600000000001, "General", "1234.56"),
        (0.1 + 0.2, "General", "0.3"),
        (1234.560000000001, "#,##0.00", "1234.56"),
        (2010101.0, "General", "2010101"),
        (2010101.0, "0", "2010101"),
        (123456789012.34, "#,##0.00", "123456789012.34"),
        (1e16, "General", "10000000000000000"),
        (1e300, "0.00", f"{1e300:.15g}".replace("e+300", "") + "0" * 300),
        (-0.0, "General", "0"),
        (-12.5, "General", "-12.5"),
    ],
)
def test_a_stored_number_has_fifteen_digits_and_no_exponent(value: float, number_format: str, text: str) -> None:
    assert shown(value, number_format) == text


@pytest.mark.parametrize(
    ("value", "number_format", "text"),
    [
        (894.0, "0.00", "894.00"),
        (894.0, "#,##0.##", "894"),
        (12.3456, "0.00", "12.3456"),
        (12.345678, "0.00", "12.345678"),
        (1 / 3, "0.00", "0.33"),
        (2 / 3, "0", "1"),
        (1 / 3, "General", "0.333333333333333"),
        (-3.5, "#,##0.00_);(#,##0.00)", "-3.50"),
        (-3.5, "0.00;[Red]0.00", "-3.50"),
        (5.0, "# ?/?", "5"),
        (1234567.0, "0.00E+00", "1234567"),
    ],
)
def test_decimals_are_padded_as_shown_and_cut_only_where_nobody_typed_them(
    value: float, number_format: str, text: str
) -> None:
    assert shown(value, number_format) == text


@pytest.mark.parametrize(
    ("value", "number_format", "text"),
    [
        (0.1234, "0.00%", "12.34%"),
        (0.07, "0.00%", "7.00%"),
        (0.1235, "0%", "12%"),
        (1.0, "0%", "100%"),
        (-0.2759, "0.0%", "-27.6%"),
    ],
)
def test_a_percent_is_a_percent(value: float, number_format: str, text: str) -> None:
    assert shown(value, number_format) == text


@pytest.mark.parametrize(
    ("value", "number_format", "text"),
    [
        (1.0, "00", "01"),
        (20101.0, "0000000", "0020101"),
        (1.0, "@", "1"),
        (12345678.0, "0.00,", "12345.68"),
        (3.0, '0"个"', "3个"),
        (3.0, '"公开"00"表"', "公开03表"),
        (12.5, "0.00万元", "12.50万元"),
        (12.5, "[$￥-804]#,##0.00", "12.50"),
        (12.5, "G/通用格式", "12.5"),
        (12.5, 'G/通用格式"元"', "12.5元"),
    ],
)
def test_codes_scales_and_words_are_as_shown(value: float, number_format: str, text: str) -> None:
    assert shown(value, number_format) == text


@pytest.mark.parametrize(
    ("number_format", "text"),
    [
        (ACCOUNTING, "-"),
        ("0.00;-0.00;;@", ""),
        ('#,##0.00;-#,##0.00;"无"', "无"),
        (BUILT_IN[43], "-"),
        ("0.00", "0.00"),
        ("0.00;-0.00;0.0", "0.0"),
        ("General", "0"),
    ],
)
def test_a_zero_that_is_not_shown_is_a_blank(number_format: str, text: str) -> None:
    assert shown(0.0, number_format) == text


@pytest.mark.parametrize(
    ("value", "number_format", "epoch_1904", "text"),
    [
        (44196.0, 'yyyy"年"m"月"d"日"', False, "2020年12月31日"),
        (44196.0, '[$-804]yyyy"年"m"月"d"日";@', False, "2020年12月31日"),
        (44196.0, "yyyy年m月", False, "2020年12月"),
        (44196.0, BUILT_IN[31], False, "2020年12月31日"),
        (44196.0, BUILT_IN[14], False, "2020-12-31"),
        (44196.0, "yyyy/m/d", False, "2020-12-31"),
        (42734.0, "yyyy/m/d", True, "2020-12-31"),
        (44196.5, "yyyy-m-d h:mm", False, "2020-12-31 12:00:00"),
        (0.75, "h:mm", False, "18:00:00"),
        (1.0, "yyyy-m-d", False, "1900-01-01"),
        (61.0, "yyyy-m-d", False, "1900-03-01"),
        (-1.0, "yyyy-m-d", False, "-1"),
        (1e9, "yyyy-m-d", False, "1000000000"),
    ],
)
def test_dates_are_dates(value: float, number_format: str, epoch_1904: bool, text: str) -> None:
    assert shown(value, number_format, epoch_1904) == text


@pytest.mark.parametrize(
    ("stored", "text"),
    [("1234567890123.45", "1234567890123.45"), ("1234.5600000000001", "1234.56"), ("1E+999999", "1E+999999")],
)
def test_numbers_that_are_stored_as_text_stay_decimal(stored: str, text: str) -> None:
    assert shown(Decimal(stored), "0.00") == text
