"""Names that malls give their columns, in languages other than Korean and English.

As in `name_words`: by the field they hold. They are written as `names.words_of` leaves them: in lower case
and without accents on Latin letters (`catégorie` is `categorie`). A `?` behind a name says that it is only
likely to mean the field.

Written from the attribute names of Google Merchant Center's and Meta's help in these languages, the translations
of WooCommerce, PrestaShop and Shopware, and the public specifications of price comparison sites.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

_GERMAN = {
    "product_id": "artikelnummer artikelnr artikel_nr artnr art_nr artikel_id produktnummer produkt_id bestellnummer artikelcode "
    "produktnr sachnummer? interner_schluessel? interner_schlussel?",
    "title": "titel artikelname artikelbezeichnung produktbezeichnung produkttitel bezeichnung produktname angebotstitel",
    "description": "beschreibung produktbeschreibung artikelbeschreibung langbeschreibung langtext beschreibungstext kurzbeschreibung? kurztext?",
    "price": "preis verkaufspreis bruttopreis preis_brutto brutto_preis brutto_vk vk_brutto vk_preis endpreis preis_eur "
    "endkundenpreis aktueller_preis verkaufspreis_brutto",
    "sale_price": "angebotspreis aktionspreis sonderpreis rabattpreis reduzierter_preis sale_preis",
    "list_price": "uvp regularer_preis streichpreis alter_preis listenpreis originalpreis normalpreis unverbindliche_preisempfehlung "
    "vorher_preis statt_preis grundpreis_alt",
    "currency": "wahrung waehrung",
    "shipping_fee": "versandkosten lieferkosten versandpreis porto versand? versand_vorkasse versandkosten_vorkasse",
    "url": "deeplink produktlink artikellink produkturl produkt_url artikel_url produktseite",
    "image_url": "bild bildlink bild_link bildurl bild_url produktbild hauptbild artikelbild bilder bildadresse",
    "extra_image_urls": "zusatzlicher_bildlink weiteres_bild weitere_bilder zusatzbild zusatzbilder bildergalerie zusatzliche_bilder",
    "category_path": "kategorie kategorien kategoriepfad produktkategorie warengruppe produktgruppe rubrik produkttyp shopkategorie "
    "kategorie_pfad artikelgruppe? produktart? sortiment?",
    "brand": "marke marken markenname",
    "maker": "hersteller herstellername produzent",
    "origin": "herkunftsland ursprungsland herkunft",
    "model_number": "herstellernummer herstellerartikelnummer hersteller_artikelnummer hersteller_nr han modellnummer modell modellname "
    "hersteller_nummer mpnr hersteller_artikelnr",
    "gtin": "strichcode europaische_artikelnummer ean_nummer ean_code gtin_ean",
    "availability": "verfugbarkeit lagerstatus lagerstand vorratig auf_lager lieferbar lieferbarkeit lagernd verfugbar bestandsstatus",
    "condition": "zustand artikelzustand produktzustand",
    "item_group_id": "artikelgruppe_id vaterartikel elternartikel gruppen_id variantengruppe vater_artikelnummer",
    "review_count": "anzahl_bewertungen bewertungsanzahl bewertungen?",
    "rating": "bewertung durchschnittsbewertung sterne",
    "tags": "schlagworter schlagworte stichworte suchbegriffe schlusselworter",
    "mall_updated_at": "aktualisiert aktualisiert_am zuletzt_bearbeitet zuletzt_geandert letzte_anderung geandert_am anderungsdatum",
    "stock_quantity": "lagerbestand bestand lagermenge verfugbare_menge lager? menge? lagerbestand_gesamt",
    "sale_window": "sonderangebotszeitraum aktionszeitraum angebotszeitraum",
    "sale_starts_at": "angebotsbeginn aktionsbeginn sonderpreis_von angebot_von datum_angebotspreis_beginnt angebotspreis_von angebotspreis_startdatum",
    "sale_ends_at": "angebotsende aktionsende sonderpreis_bis angebot_bis datum_angebotspreis_endet angebotspreis_bis angebotspreis_enddatum",
    "expires_at": "ablaufdatum",
    "least_quantity": "mindestbestellmenge mindestabnahme mindestabnahmemenge",
    "base_measure": "einheitspreis_grundmass",
    "measure": "einheitspreis_mass",
    "other": "gewicht lieferzeit breite hohe lange tiefe farbe grosse geschlecht material einkaufspreis ek_preis "
    "netto_preis nettopreis preis_netto netto_vk vk_netto steuersatz mwst grundpreis preis_pro_einheit versandklasse typ "
    "veroffentlicht sichtbarkeit steuerklasse position handler shopname haendler lieferant versandgewicht",
}
_FRENCH = {
    "product_id": "reference reference_produit ugs identifiant identifiant_produit code_produit ref_produit id_produit code_article "
    "reference_article numero_article ref?",
    "title": "titre nom nom_du_produit nom_produit designation libelle intitule titre_produit libelle_produit",
    "description": "description_produit descriptif description_longue description_complete description_courte? resume?",
    "price": "prix prix_ttc prix_vente prix_de_vente prix_actuel tarif prix_produit prix_public? montant",
    "sale_price": "tarif_promo prix_promo prix_promotionnel prix_solde prix_reduit prix_remise",
    "list_price": "prix_barre tarif_regulier prix_normal ancien_prix prix_conseille prix_catalogue prix_initial prix_regulier "
    "prix_avant_remise prix_de_reference prix_public_conseille",
    "currency": "devise monnaie",
    "shipping_fee": "frais_de_port frais_port frais_livraison frais_de_livraison cout_livraison livraison? port?",
    "url": "lien lien_produit url_produit page_produit adresse_produit lien_profond url_externe?",
    "image_url": "image_principale lien_image url_image image_produit photo_produit visuel lien_vers_image image_par_defaut",
    "extra_image_urls": "images_supplementaires image_supplementaire lien_image_supplementaire autres_images images_secondaires galerie",
    "category_path": "categorie categories categorie_produit fil_ariane rayon? famille? type_de_produit type_produit categorie_marchand",
    "brand": "marque marques nom_marque",
    "maker": "fabricant nom_fabricant",
    "origin": "pays_origine pays_d_origine origine pays_de_fabrication",
    "model_number": "reference_fabricant modele reference_constructeur ref_fabricant numero_de_modele",
    "gtin": "code_barre code_barres code_ean",
    "availability": "disponibilite en_stock statut_stock etat_stock disponible",
    "condition": "etat etat_produit",
    "item_group_id": "identifiant_groupe id_groupe produit_parent reference_parent groupe_id",
    "review_count": "nombre_avis nb_avis",
    "rating": "note note_moyenne evaluation",
    "tags": "etiquettes mots_cles mot_cle",
    "mall_updated_at": "date_modification date_de_modification mis_a_jour date_maj derniere_modification",
    "stock_quantity": "quantite_stock stock_quantite quantite_en_stock quantite_disponible quantite? stock_disponible",
    "sale_window": "periode_de_validite_du_prix_solde periode_promotion",
    "sale_starts_at": "debut_promotion date_debut_promo date_de_debut_de_promo",
    "sale_ends_at": "fin_promotion date_fin_promo date_de_fin_de_promo",
    "expires_at": "date_d_expiration date_expiration",
    "least_quantity": "quantite_minimum quantite_minimale quantite_minimale_de_commande",
    "other": "poids couleur taille largeur hauteur longueur prix_ht prix_achat prix_unitaire ecotaxe eco_taxe delai_livraison "
    "delai_de_livraison garantie matiere genre vendeur fournisseur publie type poids_kg prix_hors_taxe tva",
}
_SPANISH = {
    "product_id": "codigo codigo_producto referencia id_producto sku_producto identificador codigo_articulo clave? identificador_de_url?",
    "title": "titulo nombre nombre_producto nombre_del_producto articulo? denominacion",
    "description": "descripcion descripcion_larga descripcion_producto descripcion_corta? detalle",
    "price": "precio precio_venta precio_final precio_actual precio_con_iva pvp precio_de_venta importe",
    "sale_price": "precio_promocional precio_oferta precio_rebajado precio_con_descuento precio_especial",
    "list_price": "precio_anterior precio_normal precio_lista precio_original precio_regular precio_tachado pvpr precio_de_lista",
    "currency": "moneda divisa",
    "shipping_fee": "gastos_de_envio coste_envio costo_envio gastos_envio coste_de_envio envio?",
    "url": "enlace url_producto enlace_producto pagina_producto",
    "image_url": "imagen imagen_principal enlace_imagen url_imagen foto imagen_producto imagenes",
    "extra_image_urls": "imagenes_adicionales imagen_adicional otras_imagenes enlace_imagen_adicional",
    "category_path": "categoria categorias categoria_producto tipo_de_producto rubro? familia? ruta_categoria",
    "brand": "marca nombre_marca",
    "maker": "fabricante nombre_fabricante",
    "origin": "pais_de_origen origen procedencia",
    "model_number": "modelo numero_de_modelo referencia_fabricante codigo_fabricante numero_de_parte",
    "gtin": "codigo_de_barras codigo_barras codigo_ean",
    "availability": "disponibilidad en_stock estado_stock disponible",
    "condition": "condicion estado_producto estado?",
    "review_count": "numero_de_opiniones opiniones? resenas?",
    "rating": "valoracion calificacion puntuacion",
    "tags": "etiquetas palabras_clave",
    "mall_updated_at": "fecha_actualizacion actualizado ultima_modificacion fecha_modificacion",
    "stock_quantity": "existencias cantidad_en_stock stock_disponible cantidad_disponible cantidad?",
    "sale_window": "periodo_de_oferta fecha_efectiva_del_precio_de_oferta",
    "sale_starts_at": "inicio_oferta fecha_inicio_oferta inicio_promocion",
    "sale_ends_at": "fin_oferta fecha_fin_oferta fin_promocion",
    "expires_at": "fecha_de_vencimiento fecha_de_caducidad_de_la_oferta",
    "least_quantity": "cantidad_minima pedido_minimo",
    "other": "peso peso_kg alto ancho profundidad costo coste precio_sin_iva color talle talla envio_sin_cargo mostrar_en_tienda "
    "titulo_para_seo descripcion_para_seo vendedor proveedor iva precio_unitario plazo_entrega garantia",
}
_ITALIAN = {
    "product_id": "codice codice_prodotto codice_articolo id_prodotto codice_interno riferimento identificativo",
    "title": "titolo nome nome_prodotto denominazione titolo_prodotto",
    "description": "descrizione descrizione_prodotto descrizione_lunga descrizione_estesa descrizione_breve?",
    "price": "prezzo prezzo_vendita prezzo_finale prezzo_ivato prezzo_attuale prezzo_di_vendita",
    "sale_price": "prezzo_scontato prezzo_offerta prezzo_promo prezzo_in_offerta",
    "list_price": "prezzo_originale prezzo_listino prezzo_pieno prezzo_di_listino prezzo_intero prezzo_precedente prezzo_consigliato",
    "currency": "valuta",
    "shipping_fee": "spese_spedizione spese_di_spedizione costo_spedizione costi_di_spedizione",
    "url": "link_prodotto link_offerta url_prodotto link_all_offerta collegamento pagina_prodotto",
    "image_url": "immagine link_immagine url_immagine immagine_principale foto_prodotto",
    "extra_image_urls": "immagini_aggiuntive altre_immagini link_immagine_aggiuntiva immagini_secondarie",
    "category_path": "categoria categorie categoria_prodotto tipo_prodotto albero_categorie",
    "brand": "marca marchio", "maker": "produttore fabbricante",
    "origin": "paese_di_origine origine", "model_number": "codice_produttore modello part_number_produttore",
    "gtin": "codice_a_barre codice_ean", "availability": "disponibilita disponibile stato_magazzino", "condition": "condizione condizioni",
    "rating": "valutazione", "review_count": "numero_recensioni recensioni?", "tags": "parole_chiave etichette",
    "mall_updated_at": "data_aggiornamento aggiornato ultima_modifica",
    "stock_quantity": "giacenza quantita_disponibile quantita_in_magazzino quantita?",
    "sale_starts_at": "inizio_offerta data_inizio_offerta inizio_promozione",
    "sale_ends_at": "fine_offerta data_fine_offerta fine_promozione",
    "expires_at": "data_di_scadenza",
    "least_quantity": "quantita_minima ordine_minimo",
    "other": "peso prezzo_netto prezzo_di_acquisto colore taglia larghezza altezza iva venditore fornitore tempi_di_consegna",
}  # fmt: skip
_PORTUGUESE = {
    "product_id": "codigo codigo_produto id_produto referencia codigo_do_produto id_item", "title": "titulo nome nome_produto nome_do_produto descricao?",
    "description": "descricao_completa descricao_longa descricao_produto descricao_detalhada descricao_do_produto descricao",
    "price": "preco preco_venda preco_por valor? preco_final preco_atual preco_de_venda preco_a_vista?", "sale_price": "preco_promocional preco_promocao preco_com_desconto",
    "list_price": "preco_de preco_original preco_cheio preco_normal preco_antigo preco_tabela preco_de_tabela", "currency": "moeda",
    "shipping_fee": "frete valor_frete custo_envio custo_de_envio portes", "url": "link_produto url_produto link_prod endereco pagina_produto",
    "image_url": "imagem url_imagem link_imagem imagem_principal foto", "extra_image_urls": "imagens_adicionais imagem_adicional outras_imagens",
    "category_path": "categoria categorias departamento? categoria_produto tipo_de_produto", "brand": "marca", "maker": "fabricante",
    "origin": "pais_de_origem origem", "model_number": "modelo codigo_fabricante", "gtin": "codigo_de_barras codigo_barras cod_barra cod_barras",
    "availability": "disponibilidade disponivel em_estoque", "condition": "condicao estado_produto", "tags": "palavras_chave etiquetas",
    "rating": "avaliacao", "review_count": "numero_avaliacoes",
    "mall_updated_at": "atualizado data_atualizacao ultima_atualizacao", "stock_quantity": "estoque quantidade_em_estoque quantidade_estoque qtd_estoque quantidade_disponivel quantidade?",
    "sale_starts_at": "inicio_promocao data_inicio_promocao",
    "sale_ends_at": "fim_promocao data_fim_promocao",
    "expires_at": "data_de_expiracao",
    "least_quantity": "quantidade_minima pedido_minimo",
    "other": "peso altura largura parcelamento parcelas cor tamanho preco_custo vendedor fornecedor prazo_entrega",
}  # fmt: skip
_DUTCH = {
    "product_id": "artikelnummer productcode unieke_code unieke_productcode productnummer artikelcode id_product", "title": "titel naam productnaam productnaam artikelnaam",
    "description": "omschrijving beschrijving productomschrijving lange_omschrijving korte_omschrijving?", "price": "prijs verkoopprijs prijs_incl_btw prijs_inclusief_btw huidige_prijs",
    "sale_price": "aanbiedingsprijs actieprijs kortingsprijs", "list_price": "oude_prijs adviesprijs van_prijs vanprijs normale_prijs originele_prijs reguliere_prijs",
    "currency": "valuta munteenheid", "shipping_fee": "verzendkosten bezorgkosten", "url": "productlink product_pagina",
    "image_url": "afbeelding afbeelding_url afbeeldinglink hoofdafbeelding foto plaatje afbeeldingen", "extra_image_urls": "extra_afbeelding extra_afbeeldingen aanvullende_afbeelding overige_afbeeldingen",
    "category_path": "categorie productcategorie categoriepad producttype productgroep rubriek", "brand": "merk merknaam", "maker": "fabrikant",
    "origin": "land_van_herkomst", "model_number": "fabrikantcode modelnummer artikelnummer_fabrikant", "gtin": "streepjescode barcode_ean",
    "availability": "beschikbaarheid voorraadstatus op_voorraad leverbaar", "condition": "conditie staat toestand", "tags": "trefwoorden zoekwoorden",
    "rating": "beoordeling waardering", "review_count": "aantal_beoordelingen",
    "mall_updated_at": "bijgewerkt laatst_gewijzigd gewijzigd_op", "stock_quantity": "voorraad voorraadaantal aantal_op_voorraad aantal?",
    "sale_starts_at": "aanbieding_van startdatum_aanbieding",
    "sale_ends_at": "aanbieding_tot einddatum_aanbieding",
    "expires_at": "vervaldatum",
    "least_quantity": "minimale_afname minimum_bestelhoeveelheid",
    "other": "gewicht levertijd kleur maat breedte hoogte inkoopprijs prijs_excl_btw leverancier",
}  # fmt: skip
_NORDIC = {
    "product_id": "artikelnr artikel_nummer produktnummer varenummer varenr produkt_id produktkod artikelkod tuotenumero tuotekoodi produktid",
    "title": "namn navn produktnamn produktnavn titel tittel benamning rubrik varenavn tuotenimi nimi overskrift?",
    "description": "beskrivning produktbeskrivning beskrivelse produktbeskrivelse varebeskrivelse kuvaus tuotekuvaus kort_beskrivning? kort_beskrivelse?",
    "price": "pris forsaljningspris salgspris pris_inkl_moms nuvarande_pris hinta myyntihinta", "sale_price": "reapris kampanjpris tilbudspris extrapris udsalgspris tarjoushinta",
    "list_price": "ordinarie_pris normalpris for_pris forpris veiledende_pris vejledende_pris listpris ovh normaalihinta rek_pris", "currency": "valuta valuutta",
    "shipping_fee": "frakt fraktkostnad fragt fragtpris leveringspris frakt_pris toimituskulut", "url": "produktlank lank lenke produktlenke produkturl linkki",
    "image_url": "bild bildlank bild_url billede bilde billedlink billede_url bilde_url bildeurl kuva kuvalinkki produktbild", "extra_image_urls": "extra_bild extra_bilder flere_billeder ytterligare_bildlank",
    "category_path": "kategori kategorier produktkategori varugrupp varegruppe produkttyp produkttype kategoria tuoteryhma", "brand": "varumarke marke merke maerke mærke varemerke brand_navn merkki tuotemerkki",
    "maker": "tillverkare leverandor? producent produsent fabrikant valmistaja", "origin": "ursprungsland oprindelsesland opprinnelsesland alkupera", "model_number": "tillverkarens_artikelnummer modellnummer modell producentens_varenummer",
    "gtin": "streckkod stregkode strekkode ean_kod", "availability": "lagerstatus i_lager tillganglighet tilgjengelighet pa_lager saatavuus lager_status", "condition": "skick stand tilstand kunto",
    "tags": "nyckelord sokord stikord emneord", "mall_updated_at": "uppdaterad senast_andrad opdateret sist_endret", "rating": "betyg", "review_count": "antal_omdomen",
    "stock_quantity": "lagersaldo lagerantal lagerbeholdning antal_i_lager antal? antall_pa_lager varastosaldo",
    "expires_at": "utgangsdatum udlobsdato utlopsdato",
    "other": "vikt vaegt vaekt vekt leveringstid leveranstid farg storlek storrelse moms inkopspris paino varasto",
}  # fmt: skip
_SLAVIC = {
    "product_id": "id_produktu kod_produktu numer_produktu indeks symbol? kod_towaru nr_katalogowy kod kod_zbozi kod_vyrobku id_polozky katalogove_cislo cislo_produktu kod_polozky",
    "title": "nazwa nazwa_produktu tytul nazwa_towaru nazev nazov nazev_produktu nazov_produktu nazev_zbozi jmeno pojmenovani",
    "description": "opis opis_produktu opis_dlugi pelny_opis popis popis_produktu dlouhy_popis opis_skrocony? kratky_popis?", "price": "cena cena_brutto cena_sprzedazy cena_z_vat cena_s_dph cena_vcetne_dph cena_koncowa prodejni_cena",
    "sale_price": "cena_promocyjna cena_promo akcni_cena cena_po_sleve akciova_cena cena_po_rabacie", "list_price": "cena_katalogowa cena_regularna stara_cena cena_przed_obnizka cena_pred_slevou bezna_cena povodna_cena puvodni_cena cena_przed_promocja",
    "currency": "waluta mena", "shipping_fee": "koszt_dostawy koszt_wysylki cena_dopravy doprava? koszty_dostawy dostawa?", "url": "adres_url link_do_produktu odkaz url_produktu adres_produktu",
    "image_url": "zdjecie zdjecie_glowne obrazek obraz zdjecia obrazek_url url_zdjecia link_do_zdjecia obrazok fotka", "extra_image_urls": "dodatkowe_zdjecie dodatkowe_zdjecia dalsi_obrazky dalsi_obrazek dodatkowy_link_do_zdjecia",
    "category_path": "kategoria kategorie kategoria_produktu sciezka_kategorii kategorie_produktu drzewo_kategorii", "brand": "marka znacka", "maker": "producent vyrobce vyrobca nazwa_producenta",
    "origin": "kraj_pochodzenia zeme_puvodu", "model_number": "kod_producenta numer_katalogowy_producenta kod_vyrobce oznaczenie_modelu", "gtin": "kod_kreskowy kod_ean carovy_kod", "availability": "dostepnosc dostupnost skladem stav_skladu dostepny",
    "condition": "stan_produktu stan stav stav_zbozi", "tags": "slowa_kluczowe tagi klicova_slova", "rating": "ocena hodnoceni", "review_count": "liczba_opinii pocet_hodnoceni", "item_group_id": "id_grupy skupina_id",
    "mall_updated_at": "data_modyfikacji data_aktualizacji ostatnia_modyfikacja posledni_zmena datum_zmeny", "stock_quantity": "stan_magazynowy ilosc_w_magazynie ilosc_sztuk pocet_na_sklade pocet_kusu_skladem mnozstvi_skladem ilosc? mnozstvi?",
    "sale_starts_at": "data_rozpoczecia_promocji poczatek_promocji promocja_od",
    "sale_ends_at": "data_zakonczenia_promocji koniec_promocji promocja_do",
    "expires_at": "data_wygasniecia",
    "other": "waga cena_netto cena_zakupu stawka_vat kolor rozmiar szerokosc wysokosc vaha hmotnost cena_bez_dph dodaci_lhuta barva velikost dostawca sprzedawca dph czas_dostawy",
}  # fmt: skip
_CYRILLIC = {
    "product_id": "артикул код код_товара ид идентификатор номер_товара id_товара", "title": "название наименование название_товара наименование_товара заголовок имя назва",
    "description": "описание описание_товара полное_описание опис краткое_описание?", "price": "цена цена_продажи розничная_цена цена_со_скидкой? стоимость? ціна", "sale_price": "акционная_цена цена_со_скидкой",
    "list_price": "старая_цена цена_без_скидки цена_до_скидки старая_стоимость стара_ціна", "currency": "валюта", "shipping_fee": "стоимость_доставки доставка?", "url": "ссылка ссылка_на_товар адрес_страницы посилання",
    "image_url": "картинка изображение фото ссылка_на_картинку главное_фото фотография зображення", "extra_image_urls": "дополнительные_изображения дополнительные_фото доп_фото",
    "category_path": "категория раздел категория_товара категории рубрика категорія", "brand": "бренд марка торговая_марка", "maker": "производитель виробник", "origin": "страна_происхождения страна_производства страна_производитель страна",
    "model_number": "модель артикул_производителя", "gtin": "штрихкод штрих_код", "availability": "наличие в_наличии доступность наявність", "condition": "состояние состояние_товара", "tags": "теги ключевые_слова",
    "rating": "рейтинг оценка", "review_count": "количество_отзывов", "mall_updated_at": "дата_изменения дата_обновления обновлено", "stock_quantity": "остаток остатки количество_на_складе остаток_на_складе количество?",
    "sale_starts_at": "начало_акции дата_начала_акции",
    "sale_ends_at": "окончание_акции конец_акции дата_окончания_акции",
    "least_quantity": "минимальный_заказ минимальное_количество",
    "other": "вес закупочная_цена цвет размер ширина высота продавец поставщик оптовая_цена",
}  # fmt: skip
_OTHERS = {
    "product_id": "κωδικος urun_kodu stok_kodu urun_id cikkszam termekkod cod_produs cod id_produs ma_san_pham", "title": "τιτλος ονομα_προιοντος urun_adi baslik termeknev megnevezes nume_produs denumire nume ten_san_pham",
    "description": "περιγραφη aciklama urun_aciklamasi leiras termekleiras descriere mo_ta", "price": "τιμη fiyat satis_fiyati brutto_ar bruttoar pret pret_vanzare gia gia_ban", "list_price": "αρχικη_τιμη liste_fiyati piyasa_fiyati eredeti_ar regi_ar pret_vechi pret_vechi pret_lista pret_intreg",
    "sale_price": "τιμη_προσφορας indirimli_fiyat akcios_ar pret_redus pret_promotional", "currency": "νομισμα para_birimi penznem valuta moneda", "shipping_fee": "μεταφορικα kargo_ucreti szallitasi_koltseg szallitasi_dij cost_transport cost_livrare",
    "url": "συνδεσμος urun_linki urun_url termek_url termeklink link_produs", "image_url": "εικονα resim gorsel resim_url kep kep_url imagine imagine_principala hinh_anh", "category_path": "κατηγορια kategori_adi kategoria categorie danh_muc",
    "brand": "μαρκα marka gyarto? marca thuong_hieu", "maker": "κατασκευαστης uretici gyarto producator nha_san_xuat", "gtin": "barkod vonalkod cod_bare", "availability": "διαθεσιμοτητα stok_durumu elerhetoseg keszlet_allapot disponibilitate stoc_status",
    "condition": "κατασταση durum? allapot stare", "model_number": "μοντελο uretici_kodu gyartoi_cikkszam cod_producator", "stock_quantity": "stok_adedi stok_miktari keszlet raktarkeszlet stoc cantitate_stoc so_luong_ton_kho",
    "other": "βαρος agirlik suly greutate alis_fiyati netto_ar",
}  # fmt: skip
_JAPANESE = {
    "product_id": "商品番号 商品コード 商品id 商品管理番号 品番 管理番号 製品番号 製品コード 商品no アイテムコード 独自商品コード? 自社品番 システム商品コード 品目コード 商品管理コード sku管理番号 sku番号",
    "title": "商品名 製品名 商品タイトル タイトル 品名 アイテム名 商品名称 名称? 書籍名 作品名", "description": "商品説明 商品説明文 説明 説明文 商品詳細 詳細説明 詳細 商品の説明 メイン商品説明文 商品情報 商品コメント 商品紹介 キャッチコピー? 一言説明? 解説",
    "price": "価格 販売価格 販売価格税込 売価 税込価格 税込 商品価格 販売単価 通常販売価格? 通常購入販売価格 価格税込 金額 売値 実売価格 現在価格", "sale_price": "セール価格 特価 特別価格 割引価格 会員外特価 値引後価格 割引後価格 タイムセール価格 キャンペーン価格",
    "list_price": "定価 表示価格 メーカー希望小売価格 希望小売価格 通常価格 参考価格 元価格 当店通常価格 市価 割引前価格 上代 標準価格 小売価格", "currency": "通貨 通貨コード", "shipping_fee": "送料 配送料 個別送料 送料金額 配送費",
    "url": "商品url 商品ページurl 商品リンク リンク ページurl 詳細url リンク先url 商品ページ リンク先 商品詳細url", "mobile_url": "スマホurl モバイルurl スマートフォンurl",
    "image_url": "画像 画像url 商品画像 商品画像url メイン画像 画像リンク 商品画像パス 代表画像 画像1 商品画像1 サムネイル メイン画像url 画像ファイル名?",
    "extra_image_urls": "追加画像 サブ画像 追加画像リンク その他画像 詳細画像 追加画像url サブ画像url", "category_path": "カテゴリ カテゴリー 商品カテゴリ 商品カテゴリー カテゴリ名 カテゴリー名 分類 商品分類 ジャンル 表示先カテゴリ カテゴリパス 商品ジャンル 商品カテゴリ名 ショップカテゴリ ディレクトリ?",
    "brand": "ブランド ブランド名 銘柄", "maker": "メーカー メーカー名 製造元 製造者 製造会社 出版社 発売元 販売元?", "origin": "原産国 原産地 生産国 産地 製造国 原産国名", "model_number": "型番 メーカー型番 モデル モデル名 モデル番号 品番型番 製品型番 メーカー品番",
    "gtin": "janコード jan バーコード isbnコード カタログid? jan番号 janisbn", "availability": "在庫状況 在庫 販売状況 在庫ステータス 在庫有無 販売ステータス 在庫状態 在庫表示 販売状態 公開状態?", "condition": "状態 商品状態 商品の状態 コンディション 新品中古区分",
    "item_group_id": "グループid 商品グループ 親商品番号 親コード 商品グループid 親商品コード", "review_count": "レビュー数 レビュー件数 口コミ数 クチコミ件数", "rating": "評価 レビュー評価 平均評価 レビュー平均 評点 レビュー点数", "tags": "タグ キーワード 検索キーワード 検索ワード",
    "mall_updated_at": "更新日 更新日時 最終更新日 最終更新日時 変更日時", "adult": "成人商品 アダルト 年齢制限商品",
    "stock_quantity": "在庫数 在庫数量 在庫個数 残在庫 販売可能数 数量?",
    "sale_window": "販売価格適用期間 セール期間 セール価格期間 割引期間 特価期間",
    "sale_starts_at": "セール開始日 セール開始日時 セール開始 割引開始日 特価開始日",
    "sale_ends_at": "セール終了日 セール終了日時 セール終了 割引終了日 特価終了日",
    "expires_at": "販売終了日 販売終了日時 掲載終了日 掲載終了日時",
    "least_quantity": "最小購入数 最小購入数量 最低購入数",
    "pack_size": "入数 セット数",
    "free_shipping_over": "送料無料金額 送料無料条件金額",
    "other": "重量 重さ 消費税 税率 消費税率 ポイント ポイント倍率 原価 仕入価格 仕入れ価格 卸価格 卸値 会員価格 サイズ カラー 色 幅 高さ 表示順 並び順 全商品ディレクトリid タグid 商品画像名 倉庫指定 のし対応 コントロールカラム 登録日 発売日 "
    "店舗名 ショップ名 販売者 商品オプション 種類id 種類名 ブランドコード ブランドid カテゴリid カテゴリコード ジャンルid 送料区分 代引料 消費税区分 販売期間 予約商品発売日",
}  # fmt: skip
_CHINESE = {
    "product_id": "商品id 商品编号 商品编码 商品代码 产品编号 产品id 货号 商品號 商品編號 产品编码 宝贝id 商品貨號? 商品料號", "title": "商品名称 产品名称 商品标题 标题 宝贝名称 品名 商品名稱 产品标题 產品名稱 名称? 標題",
    "description": "商品描述 产品描述 商品详情 描述 详情 商品描述 商品介紹 宝贝描述 商品說明 产品详情 商品简介?", "price": "价格 销售价 售价 商品价格 现价 销售价格 單價 售價 價格 促销价? 优惠价? 商品售价 到手价 宝贝价格 一口价 特價?",
    "sale_price": "促销价 优惠价 折扣价 活动价 特价 促銷價 優惠價", "list_price": "市场价 原价 吊牌价 划线价 定价 建议零售价 專櫃價 原價 市價 建議售價", "currency": "币种 货币 幣別 货币单位", "shipping_fee": "运费 邮费 運費 快递费",
    "url": "商品链接 链接 产品链接 商品网址 商品連結 网址 詳情頁連結 商品地址", "image_url": "主图 图片 商品图片 图片链接 商品主图 主图链接 產品圖片 圖片 商品圖 商品圖片 图片地址 封面图 主圖", "extra_image_urls": "附图 其他图片 附加图片 商品相册 轮播图 更多图片 副图",
    "category_path": "类目 分类 商品分类 商品类目 类别 分類 商品分類 产品分类 宝贝类目 品类 類別 分类名称 类目名称", "brand": "品牌 品牌名称 品牌名稱", "maker": "生产商 厂商 制造商 厂家 製造商 生产厂家", "origin": "产地 原产地 產地 原产国 產地國",
    "model_number": "型号 商品型号 规格型号 型號 商品货号? 款号?", "gtin": "条形码 条码 商品条码 條碼 國際條碼", "availability": "库存状态 上架状态 销售状态 状态? 商品状态 是否有货 庫存狀態 商品狀態", "condition": "成色 新旧程度 新舊", "tags": "标签 关键词 商品标签 標籤 關鍵字 关键字",
    "rating": "评分 评价分 商品评分", "review_count": "评论数 评价数 评价数量 评论数量", "mall_updated_at": "更新时间 修改时间 最后更新时间 更新時間 更新日期", "item_group_id": "spu spuid spu编码 款式编号",
    "stock_quantity": "库存 库存数量 库存量 可售库存 可用库存 庫存 庫存量 庫存數量 数量?",
    "sale_starts_at": "促销开始时间 活动开始时间 优惠开始时间 促銷開始日",
    "sale_ends_at": "促销结束时间 活动结束时间 优惠结束时间 促銷結束日",
    "expires_at": "下架时间 下架日期 下架時間",
    "least_quantity": "起订量 最小起订量 起购数量 最小购买量",
    "pack_size": "装箱数",
    "other": "成本价 进货价 供货价 批发价 会员价 重量 颜色 尺码 规格 店铺名称 卖家 销量 创建时间 上架时间 佣金 优惠券 成本 重量克 类目id 分类id 品牌id",
}  # fmt: skip

LANGUAGES: Mapping[str, Mapping[str, str]] = {
    "de": _GERMAN, "fr": _FRENCH, "es": _SPANISH, "it": _ITALIAN, "pt": _PORTUGUESE, "nl": _DUTCH,
    "da fi no sv": _NORDIC, "cs pl sk": _SLAVIC, "ru uk": _CYRILLIC, "el hu ro tr vi": _OTHERS,
    "ja": _JAPANESE, "zh": _CHINESE,
}  # fmt: skip
"""Languages → field, or `other` → names."""


def names_abroad() -> Iterator[tuple[str, str, bool]]:
    """(field or `other`, name, whether it is sure) of every language."""
    for fields in LANGUAGES.values():
        for field, names in fields.items():
            yield from ((field, name.rstrip("?"), not name.endswith("?")) for name in names.split())
