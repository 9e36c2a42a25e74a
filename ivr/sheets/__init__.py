"""Tables that leave the hotline as files: CSV and XLSX, and the day's report as a workbook."""
